package com.clinic.patient;

import javax.servlet.http.HttpSession;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

@Controller
public class PatientController {
    private PatientDao patientDao;

    @RequestMapping("/patient/show.do")
    public String show(Long id, HttpSession session) {
        session.setAttribute("patient", patientDao.find(id));
        return "patient/show";
    }
}
